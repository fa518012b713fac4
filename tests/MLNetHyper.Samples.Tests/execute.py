"""Runs a notebook from its first cell to its last, and writes what the cells returned into the file: execute.py NOTEBOOK."""
import os
import sys

import nbclient
import nbformat

path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
client = nbclient.NotebookClient(
    notebook, timeout=300, startup_timeout=180, kernel_name=notebook.metadata.kernelspec.name, resources={"metadata": {"path": os.path.dirname(path)}}
)
try:
    client.execute()
finally:
    nbformat.write(notebook, path)
