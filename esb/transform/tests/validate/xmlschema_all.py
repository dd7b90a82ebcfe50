"""Validates every `<folder>/<n>/<root>.<m>.xml` against `<folder>/<n>/<root>.xsd`, and says what is wrong."""

import pathlib
import sys

import xmlschema

wrong = []
documents = 0
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    schemas = {}
    for document in sorted(folder.glob("*.xml")):
        root = document.name.split(".")[0]
        if root not in schemas:
            schemas[root] = xmlschema.XMLSchema10(str(folder / f"{root}.xsd"))
        for error in schemas[root].iter_errors(str(document)):
            wrong.append(f"{document}: {error.reason} at {error.path}")
        documents += 1
for line in wrong[:20]:
    print(line)
sys.exit(1 if wrong or documents == 0 else 0)
