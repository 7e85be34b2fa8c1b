import type { ModelProto } from "../graph/index.ts";

/** Prefix of a file's metadata that Fovea wrote. */
const PREFIX = "fovea.";

/** What a file says of itself as metadata: one key per field, each value as JSON. */
export function cardToMetadata(card: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(card).map(([key, value]) => [`${PREFIX}${key}`, JSON.stringify(value)] as const),
  );
}

/** The fields of a file's card; none where it was not made by Fovea. */
export function readCard(model: ModelProto): Record<string, unknown> {
  return Object.fromEntries(
    model.metadataProps
      .filter(({ key }) => key.startsWith(PREFIX))
      .map(({ key, value }) => [key.slice(PREFIX.length), parsed(value)] as const),
  );
}

/** A metadata value; undefined where it is no JSON, and so nothing that Fovea wrote. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
