"""Somebody who was given a WSDL's address and nothing else: reads JSON lines of an operation, its arguments and how to
prove who asks, calls it with zeep, and prints the answer or the fault as JSON."""

import json
import sys

import zeep
from lxml import etree
from zeep.helpers import serialize_object
from zeep.wsse.username import UsernameToken

WSA = "http://www.w3.org/2005/08/addressing"


def message_id(text: str) -> etree._Element:
    element = etree.Element(f"{{{WSA}}}MessageID")
    element.text = text
    return element


def prove(client: zeep.Client, by: dict) -> None:
    session = client.transport.session
    session.auth, client.wsse = None, None
    session.headers.pop("Authorization", None)
    if "basic" in by:
        session.auth = tuple(by["basic"])
    if "bearer" in by:
        session.headers["Authorization"] = "Bearer " + by["bearer"]
    if "username" in by:
        client.wsse = UsernameToken(*by["username"], use_digest=by.get("digest", False))


def problem(fault: zeep.exceptions.Fault) -> dict:
    if fault.detail is None:
        return {}
    inside = fault.detail.find("{urn:ietf:rfc:7807}problem")
    return {etree.QName(member).localname: member.text for member in inside}


def call(client: zeep.Client, command: dict) -> dict:
    prove(client, command.get("by", {}))
    client.transport.session.headers.pop("Idempotency-Key", None)
    if "key" in command:
        client.transport.session.headers["Idempotency-Key"] = command["key"]
    headers = [message_id(command["message_id"])] if "message_id" in command else None
    operation = getattr(client.service, command["operation"])
    try:
        return {"answer": serialize_object(operation(**command["arguments"], _soapheaders=headers), dict)}
    except zeep.exceptions.Fault as fault:
        return {"fault": fault.code, "message": fault.message, "problem": problem(fault)}


def main(wsdl: str) -> None:
    client = zeep.Client(wsdl)
    for line in sys.stdin:
        try:
            told = call(client, json.loads(line))
        except Exception as error:  # whatever it is, the test shows it
            told = {"error": repr(error)}
        print(json.dumps(told, default=str), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
