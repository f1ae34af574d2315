"""The window: everything that knows Qt. It shows a document and sends it commands; it holds no data of its own."""
