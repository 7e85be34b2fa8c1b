import { FoveaError } from "../../core/index.ts";
import type { Attribute, Attributes } from "../operator.ts";
import { type AttributeProto, attributeTypes, type NodeProto } from "./schema.ts";
import { fromTensorProto } from "./tensor-proto.ts";

/** A node's attributes by name; throws `operator-unsupported` for sub-graphs (control flow). */
export function readAttributes(node: NodeProto): Attributes {
  return Object.fromEntries(
    node.attribute.map((attribute) => [attribute.name, readAttribute(node, attribute)]),
  );
}

function readAttribute(node: NodeProto, attribute: AttributeProto): Attribute {
  switch (attribute.type) {
    case attributeTypes.float:
      return attribute.f;
    case attributeTypes.int:
      return attribute.i;
    case attributeTypes.string:
      return Buffer.from(attribute.s).toString();
    case attributeTypes.tensor:
      return fromTensorProto(attribute.t);
    case attributeTypes.floats:
      return attribute.floats;
    case attributeTypes.ints:
      return attribute.ints;
    case attributeTypes.strings:
      return attribute.strings.map((text) => Buffer.from(text).toString());
    default:
      throw new FoveaError(
        "operator-unsupported",
        `${node.opType} (node \`${node.name}\`): attribute \`${attribute.name}\` holds a sub-graph or another kind of value that is not supported; models with control flow cannot be imported.`,
      );
  }
}
