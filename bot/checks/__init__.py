"""The questions `rrm doctor` asks, one file for each part of the service. A check reads, tries and tells; it changes nothing."""
