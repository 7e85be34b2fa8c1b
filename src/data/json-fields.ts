/** What an object of a JSON file has, by name. */
export type Fields = Record<string, unknown>;

/** The fields of a value of a JSON file; none of what is no object. */
export function toFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
