"""JSON to XML and back with lxml and with xmltodict: CPU µs a message, as JSON."""

import json
import sys
import time

import xmltodict
from lxml import etree

MEASURED_S = 1.0
NAMESPACE = "urn:ecommerce-soa:v1"
Q = "{" + NAMESPACE + "}"


def element(parent, name, value):
    child = etree.SubElement(parent, Q + name)
    fill(child, value)


def fill(node, value):
    if isinstance(value, dict):
        for key, member in value.items():
            element(node, key, member)
    elif isinstance(value, list):
        for item in value:
            element(node, "item", item)
    else:
        node.text = str(value)


def lxml_to_xml(text):
    root = etree.Element(Q + "order", nsmap={None: NAMESPACE})
    fill(root, json.loads(text))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def plain(node):
    children = list(node)
    if not children:
        return node.text or ""
    if children[0].tag == Q + "item":
        return [plain(child) for child in children]
    return {child.tag[len(Q):]: plain(child) for child in children}


def lxml_to_json(text):
    return json.dumps(plain(etree.fromstring(text)))


def dict_to_xml(text):
    return xmltodict.unparse({"order": json.loads(text)})


def dict_to_json(text):
    return json.dumps(xmltodict.parse(text))


def measured(call, text):
    call(text)
    begun, calls = time.process_time(), 0
    while time.process_time() - begun < MEASURED_S:
        call(text)
        calls += 1
    return (time.process_time() - begun) * 1e6 / calls


as_json = open(sys.argv[1], "rb").read()
as_xml = open(sys.argv[2], "rb").read()
print(
    json.dumps(
        [
            {"lxml": measured(lxml_to_xml, as_json), "xmltodict": measured(dict_to_xml, as_json)},
            {"lxml": measured(lxml_to_json, as_xml), "xmltodict": measured(dict_to_json, as_xml)},
        ]
    )
)
