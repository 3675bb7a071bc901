"""The coordinators' console: server-rendered pages over the store, with htmx for what refreshes itself."""
