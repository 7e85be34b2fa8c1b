import { FoveaError } from "../../core/index.ts";
import type { Seal } from "./sealing.ts";

/** The face that an encoding belongs to: what a sealed one is bound to. */
export interface FaceContext {
  name: string;
  digest: string;
  place: string;
}

/** How encodings stand in their column, and travel to and from it as text. */
export interface EncodingColumn {
  /** SQL that makes the column's value of a text parameter. */
  ofText(text: string): string;
  /** SQL that makes base64 of the column. */
  readonly asText: string;
  write(encoding: Float32Array, context: FaceContext): string;
  read(text: string, context: FaceContext): Float32Array;
}

/** A `vector`, which the database can compare. */
export const vectorColumn: EncodingColumn = {
  ofText: (text) => `${text}::vector`,
  // Two 16-bit integers, then the numbers as big-endian floats.
  asText: "encode(vector_send(encoding), 'base64')",
  write: vectorLiteral,
  read: (text) => {
    const bytes = Buffer.from(text, "base64");
    return Float32Array.from({ length: (bytes.length - 4) / 4 }, (_, k) => bytes.readFloatBE(4 + 4 * k));
  },
};

/** Bytes that only this program can read. */
export function sealedColumn(seal: Seal, title: string): EncodingColumn {
  return {
    ofText: (text) => `decode(${text}, 'base64')`,
    asText: "encode(encoding, 'base64')",
    write: (encoding, context) => seal.seal(bytesOfEncoding(encoding), boundTo(context)).toString("base64"),
    read: (text, context) => {
      const bytes = seal.open(Buffer.from(text, "base64"), boundTo(context));
      if (bytes) return encodingOfBytes(bytes);
      throw new FoveaError(
        "gallery-tampered",
        `An encoding of ${context.name} in gallery \`${title}\` is not what was sealed: it was changed, or moved from another person; restore the gallery from a copy, or forget ${context.name} and enroll again.`,
      );
    },
  };
}

/** What the seal of an encoding is bound to, besides the gallery. */
export function boundTo({ name, digest, place }: FaceContext): string[] {
  return [name, digest, place];
}

/** Text from which PostgreSQL reads the very same floats: nine digits tell any two apart. */
export function vectorLiteral(encoding: Float32Array): string {
  let text = "[";
  for (let k = 0; k < encoding.length; k++) text += `${k ? "," : ""}${encoding[k].toPrecision(9)}`;
  return `${text}]`;
}

/** Little-endian floats. */
export function bytesOfEncoding(encoding: Float32Array): Buffer {
  const bytes = Buffer.alloc(4 * encoding.length);
  for (let k = 0; k < encoding.length; k++) bytes.writeFloatLE(encoding[k], 4 * k);
  return bytes;
}

/** Reads little-endian floats. */
export function encodingOfBytes(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / 4 }, (_, k) => bytes.readFloatLE(4 * k));
}
