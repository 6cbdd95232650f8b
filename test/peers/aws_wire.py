"""Judges recorded requests and answers of AWS by botocore's models, which neither side of the recording was written from.

usage: aws_wire.py RECORDING (a JSON text a line, as `aws-recorder.ts` writes them)
Prints {"problems": {problem: how often}, "operations": {"service operation protocol": answers}, "errors": {code: ...}}.

A request is read by moto's parsers, checked against the operation's input, then written again by botocore's own
serializer: what it carries beyond the model, or otherwise than AWS is told, comes to light. An answer is read by
botocore's parsers made strict: a member that the model does not have, a value of another type, an unknown word of an enum.
"""

import base64
import functools
import json
import re
import sys
from collections import Counter
from urllib.parse import parse_qsl, unquote, urlsplit

import botocore.parsers
import botocore.serialize
import botocore.session
from aws_strict import PARSERS, Problem
from botocore.awsrequest import HeadersDict
from botocore.model import NoShapeFoundError
from botocore.validate import ParamValidator
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.utils import get_service_model
from werkzeug.datastructures import MultiDict

SESSION = botocore.session.get_session()
# By the name in signatures, where botocore's is another.
NAMES = {"monitoring": "cloudwatch", "states": "stepfunctions", "elasticfilesystem": "efs", "es": "opensearch"}
# Words that AWS says beyond its own model: the state of an internet gateway that is attached.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html
SAID_ANYWAY = {("AttachmentStatus", "available")}


@functools.cache
def model(service):
    return SESSION.get_service_model(service)


def service_of(record, form):
    """botocore's name of the service that the request is signed for; one name signs for two where these tell apart."""
    signed = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request", record["headers"].get("authorization", ""))
    if signed is None:
        raise Problem("not signed")
    name = signed[1]
    if name == "elasticloadbalancing":
        return "elb" if form.get("Version") == "2012-06-01" else "elbv2"
    if name == "apigateway":
        return "apigatewayv2" if urlsplit(record["url"]).path.startswith("/v2/") else "apigateway"
    return NAMES.get(name, name)


def protocol_of(service, record):
    """Which of its service's protocols a request speaks."""
    spoken = model(service).metadata.get("protocols", [model(service).metadata["protocol"]])
    if "smithy-protocol" in record["headers"]:
        said = "smithy-rpc-v2-cbor"
    elif "x-amz-target" in record["headers"]:
        said = "json"
    else:
        said = next((one for one in spoken if one not in ("smithy-rpc-v2-cbor", "json")), spoken[0])
    if said not in spoken:
        raise Problem(f"{service} does not speak {said}")
    return said


def operation_of(service, protocol, record, form):
    """The operation's model, and what the path holds of its input."""
    path = urlsplit(record["url"]).path
    if protocol in ("query", "ec2"):
        found, params = form.get("Action"), {}
    elif protocol == "json":
        prefix, _, found = record["headers"]["x-amz-target"].rpartition(".")
        params = {}
        # Some clients leave out the package before the service's name, and AWS takes both.
        if prefix.split(".")[-1] != model(service).metadata["targetPrefix"].split(".")[-1]:
            raise Problem(f"{service} has no target {prefix}")
    elif protocol == "smithy-rpc-v2-cbor":
        found, params = path.rsplit("/", 1)[-1], {}
    else:
        found, params = by_path(service, record["method"], path)
    try:
        return model(service).operation_model(found), params
    except Exception as error:
        raise Problem(f"{service} has no operation {found}") from error


def by_path(service, method, path):
    fitting = []
    for name in model(service).operation_names:
        http = model(service).operation_model(name).http
        uri, _, query = http["requestUri"].partition("?")
        if query or http["method"] != method:
            continue
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(uri)).replace(r"\+", "")
        found = re.fullmatch(pattern.rstrip("/") + "/?", path)
        if found:
            fitting.append((len(found.groupdict()), name, found.groupdict()))
    if not fitting:
        raise Problem(f"{service} has no {method} {path}")
    _, name, params = min(fitting, key=lambda one: one[:2])
    return name, {key: unquote(value) for key, value in params.items()}


def cbor(body):
    parser = botocore.parsers.RpcV2CBORParser()
    return parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}


def body_of(protocol, body):
    """A request's body as values, so that two can be compared."""
    if protocol == "smithy-rpc-v2-cbor":
        return cbor(body)
    if protocol in ("json", "rest-json"):
        return json.loads(body) if body else {}
    if protocol in ("query", "ec2"):
        return dict(body) if isinstance(body, dict) else dict(parse_qsl(body.decode(), keep_blank_values=True))
    return body or b""


def check_request(record, service, protocol, operation, path_params, body):
    """What a request says beside its model: parsed, validated, and written again by botocore."""
    query = parse_qsl(urlsplit(record["url"]).query, keep_blank_values=True)
    values = MultiDict(query + (list(body_of(protocol, body).items()) if protocol in ("query", "ec2") else []))
    if protocol == "smithy-rpc-v2-cbor":
        params = cbor(body)
    else:
        request = {
            "body": body,
            "headers": HeadersDict(record["headers"]),
            "method": record["method"],
            "url_params": path_params,
            "url_path": urlsplit(record["url"]).path,
            "values": values,
        }
        asked = get_service_model(service).operation_model(operation.name)
        params = PROTOCOL_PARSERS[protocol](asked).parse(request)
        # The parser takes a list that the query does not name for an empty one.
        params = {name: value for name, value in params.items() if value != [] or body}
    check_values(params, operation.input_shape, "input")
    written = botocore.serialize.create_serializer(protocol, False).serialize_to_request(params, operation)
    theirs, ours = body_of(protocol, written["body"]), body_of(protocol, body)
    if protocol in ("query", "ec2"):
        theirs, ours = ({key: str(value) for key, value in one.items()} for one in (theirs, ours))
    if theirs != ours:
        raise Problem(f"request {ours} where botocore writes {theirs}")
    wanted = written["query_string"] or {}
    wanted = sorted((key, str(value)) for key, value in (wanted.items() if isinstance(wanted, dict) else wanted))
    # The SDK for JavaScript names the operation once more, for its own servers' logs.
    said = sorted((key, value) for key, value in query if key != "x-id")
    path, _, static = written["url_path"].partition("?")
    if sorted(wanted + parse_qsl(static, keep_blank_values=True)) != said:
        raise Problem(f"query {said} where botocore writes {wanted}")
    if protocol.startswith("rest") and path.rstrip("/") != urlsplit(record["url"]).path.rstrip("/"):
        raise Problem(f"path {record['url']} where botocore writes {path}")


def check_answer(record, protocol, operation, body):
    parser = PARSERS[protocol]
    shape = operation.output_shape
    parser.root = shape.name if shape is not None else None
    answer = {"headers": HeadersDict(record["answer"]["headers"]), "status_code": record["answer"]["status"]}
    parsed = parser.parse({**answer, "body": body}, shape)
    parsed.pop("ResponseMetadata", None)
    if shape is not None:
        check_values(parsed, shape, "answer")


def check_values(values, shape, where):
    report = ParamValidator().validate(values, shape) if shape is not None else None
    if report is not None and report.has_errors():
        raise Problem(f"{where}: {report.generate_report()}")
    if shape is not None:
        check_words(values, shape)


def check_words(value, shape):
    """Members that the model does not know, and words that its enums do not have."""
    if shape.type_name == "structure" and not getattr(shape, "is_document_type", False):
        for name, one in value.items():
            if name not in shape.members:
                raise Problem(f"{shape.name} has no {name}")
            check_words(one, shape.members[name])
    elif shape.type_name == "list":
        for one in value:
            check_words(one, shape.member)
    elif shape.type_name == "map":
        for key, one in value.items():
            check_words(key, shape.key)
            check_words(one, shape.value)
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        if (shape.name, value) in SAID_ANYWAY:
            return
        raise Problem(f"{shape.name} has no {value}")


def code_of(record, protocol, body):
    """How botocore reads a refusal."""
    answer = {"headers": HeadersDict(record["answer"]["headers"]), "status_code": record["answer"]["status"]}
    return botocore.parsers.create_parser(protocol).parse({**answer, "body": body}, None)["Error"]["Code"]


def judge(lines):
    problems, operations, errors = Counter(), Counter(), Counter()
    for line in lines:
        record = json.loads(line)
        body, answer = (base64.b64decode(text) for text in (record["body"], record["answer"]["body"]))
        where = record["url"]
        try:
            form = dict(parse_qsl(body.decode("utf-8", "replace")))
            service = service_of(record, form)
            protocol = protocol_of(service, record)
            operation, path_params = operation_of(service, protocol, record, form)
            where = f"{service} {operation.name}"
            check_request(record, service, protocol, operation, path_params, body)
            if record["answer"]["status"] >= 300:
                errors[f"{where} {record['answer']['status']} {code_of(record, protocol, answer)}"] += 1
            else:
                check_answer(record, protocol, operation, answer)
                operations[f"{where} {protocol}"] += 1
        except (Problem, NoShapeFoundError, ValueError, KeyError, TypeError) as error:
            problems[f"{where}: {type(error).__name__} {error}"[:600]] += 1
        except botocore.parsers.ResponseParserError as error:
            problems[f"{where}: {error}"[:600]] += 1
    return {"problems": problems, "operations": operations, "errors": errors}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as recording:
        print(json.dumps(judge(recording), sort_keys=True))
