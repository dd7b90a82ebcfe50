"""Another stranger with a WSDL's address, who reads it with suds: the arguments are the address, a machine client and its
secret; JSON lines of operations and their arguments come in, and go out as JSON of the answers."""

import json
import sys

import suds
import suds.sudsobject
from suds.client import Client
from suds.transport.http import HttpAuthenticated


def plain(value):
    if isinstance(value, suds.sudsobject.Object):
        return {name: plain(member) for name, member in suds.sudsobject.asdict(value).items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def main(wsdl: str, client_id: str, secret: str) -> None:
    transport = HttpAuthenticated(username=client_id, password=secret)
    client = Client(wsdl, cache=None, transport=transport)
    for line in sys.stdin:
        command = json.loads(line)
        try:
            told = {"answer": plain(getattr(client.service, command["operation"])(**command["arguments"]))}
        except suds.WebFault as fault:
            told = {"fault": str(fault.fault.faultcode), "message": str(fault.fault.faultstring)}
        except Exception as error:  # whatever it is, the test shows it
            told = {"error": repr(error)}
        print(json.dumps(told, default=str), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
