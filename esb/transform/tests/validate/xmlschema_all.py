"""Validates every `<folder>/<n>/<root>.<m>.xml` against the schemas of its folder, and says what is wrong."""

import pathlib
import sys

import xmlschema

INCLUDES = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:ecommerce-soa:v1">{}</xs:schema>"""


def schemas_of(folder):
    """One schema that includes all roots, and that of problems: building one for each root takes long."""
    roots = sorted(file.name for file in folder.glob("*.xsd") if file.stem != "problem")
    everything = folder / "everything"
    everything.write_text(INCLUDES.format("".join(f'<xs:include schemaLocation="{root}"/>' for root in roots)))
    problem = xmlschema.XMLSchema10(str(folder / "problem.xsd"))
    return xmlschema.XMLSchema10(str(everything)), problem


wrong = []
documents = 0
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    everything, problem = schemas_of(folder)
    for document in sorted(folder.glob("*.xml")):
        schema = problem if document.name.startswith("problem.") else everything
        for error in schema.iter_errors(str(document)):
            wrong.append(f"{document}: {error.reason} at {error.path}")
        documents += 1
for line in wrong[:20]:
    print(line)
sys.exit(1 if wrong or documents == 0 else 0)
