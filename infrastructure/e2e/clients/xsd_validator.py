"""Somebody who was given an XSD's address and nothing else: reads JSON lines of a schema's address and a document, and
says for each whether the document is valid, as JSON."""

import base64
import json
import sys

import xmlschema

SCHEMAS = {}


def schema(url: str) -> xmlschema.XMLSchema:
    if url not in SCHEMAS:
        SCHEMAS[url] = xmlschema.XMLSchema(url)
    return SCHEMAS[url]


def main() -> None:
    for line in sys.stdin:
        task = json.loads(line)
        try:
            schema(task["schema"]).validate(base64.b64decode(task["document"]).decode())
            print(json.dumps({"valid": True}), flush=True)
        except Exception as error:  # whatever it is, the test shows it
            print(json.dumps({"valid": False, "error": str(error)[:2000]}), flush=True)


if __name__ == "__main__":
    main()
