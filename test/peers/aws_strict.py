"""botocore's parsers of answers made strict: they say what they otherwise pass over, or make right by themselves."""

import botocore.parsers

# What a value is in JSON and CBOR, by its type in the model.
NUMBERS = {"integer": (int,), "long": (int,), "float": (int, float), "double": (int, float)}
KINDS = {**NUMBERS, "string": (str,), "boolean": (bool,), "list": (list,), "map": (dict,), "structure": (dict,)}


class Problem(Exception):
    """Something that the model does not have."""


class Strict:
    """Before one of botocore's parsers. `root` is the shape of the whole answer, whose envelope is the protocol's."""

    root = None
    envelope = frozenset()

    def _handle_structure(self, shape, node):
        if not getattr(shape, "is_document_type", False):
            unknown = self.present(node) - self.named(shape)
            if shape.name == self.root:
                unknown -= self.envelope
            if unknown:
                raise Problem(f"{shape.name} has no {', '.join(sorted(unknown))}")
        return super()._handle_structure(shape, node)


class StrictXml(Strict):
    def present(self, node):
        return set(self._build_name_to_xml_node(node))

    def named(self, shape):
        return {self._member_key_name(one, name) for name, one in shape.members.items()}

    def _parse_shape(self, shape, node):
        if shape.type_name == "boolean" and getattr(node, "text", node) not in ("true", "false"):
            raise Problem(f"{shape.name} is no boolean")
        return super()._parse_shape(shape, node)


class StrictValues(Strict):
    def present(self, node):
        return {key for key, value in node.items() if value is not None}

    def named(self, shape):
        return {one.serialization.get("name", name) for name, one in shape.members.items()}

    def _parse_shape(self, shape, node):
        kinds = KINDS.get(shape.type_name)
        # Members that a header carries are texts, whatever they stand for.
        carried = shape.serialization.get("location") is not None
        if kinds and not carried and (not isinstance(node, kinds) or (isinstance(node, bool) and bool not in kinds)):
            raise Problem(f"{shape.name} is no {shape.type_name}")
        return super()._parse_shape(shape, node)


def strict(protocol, base):
    mixin = StrictXml if protocol in ("query", "ec2", "rest-xml") else StrictValues
    made = type(f"Strict{base.__name__}", (mixin, base), {})()
    if protocol == "ec2":
        made.envelope = frozenset({"requestId"})
    return made


PARSERS = {protocol: strict(protocol, base) for protocol, base in botocore.parsers.PROTOCOL_PARSERS.items()}
