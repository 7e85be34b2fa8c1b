import { unreadable } from "./dataset-errors.ts";
import { type Elements, type ElementType, readElements } from "./elements.ts";
import { toRowMajor } from "./row-major.ts";

/** NumPy's text: so many code points (`U`) or bytes (`S`) for each element, filled up with zeros. */
interface TextType {
  kind: "code-points" | "bytes";
  /** Bytes of an element. */
  size: number;
  bigEndian: boolean;
}

/** An array as an `.npy` file holds it, its numbers or texts not read yet. */
export interface NpyArray {
  /** What the array is called in messages. */
  name: string;
  shape: number[];
  /** NumPy's name of the element type, for example `<f4`. */
  dtype: string;
  type: ElementType | TextType;
  /** Whether the first axis runs fastest. */
  fortranOrder: boolean;
  /** The elements' bytes, exactly as many as the shape needs. */
  bytes: Uint8Array;
}

const MAGIC = "\x93NUMPY";
const KINDS: Record<string, ElementType["kind"]> = { b: "bool", u: "uint", i: "int", f: "float" };
const SIZES: Record<ElementType["kind"], readonly number[]> = {
  bool: [1],
  uint: [1, 2, 4, 8],
  int: [1, 2, 4, 8],
  float: [2, 4, 8],
};

/** What the header of an `.npy` file says. */
interface NpyHeader {
  /** Lengths of the axes. */
  shape: number[];
  /** NumPy's name of the element type. */
  dtype: string;
  fortranOrder: boolean;
  /** Bytes of the header. */
  length: number;
}

/**
 * Reads the header of an `.npy` file (format versions 1 to 3) of elements of any type.
 *
 * @param bytes the whole file
 * @throws FoveaError `dataset-unreadable`
 */
export function parseNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  if (latin1(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw unreadable(name, "it does not begin as an .npy file does; save it with `numpy.save`");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  requireBytes(bytes, 12, name);
  const version = bytes[6];
  if (version < 1 || version > 3) {
    throw unreadable(name, `its .npy format version is ${version}; save it with version 1, 2 or 3`);
  }
  const begin = version === 1 ? 10 : 12;
  const length = begin + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  requireBytes(bytes, length, name);

  const header = latin1(bytes.subarray(begin, length));
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(header)?.[1];
  // Python 2 wrote long integers with an L.
  const dims = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(header)?.[1];
  if (order === undefined || dims === undefined) throw unreadable(name, "its .npy header is damaged");
  const dtype = /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/.exec(header)?.[1] ?? "a record";
  const shape = dims.split(",").flatMap((dim) => (dim.trim() ? [Number.parseInt(dim, 10)] : []));
  return { shape, dtype, fortranOrder: order === "True", length };
}

/**
 * Reads an `.npy` file of numbers, truth values or texts.
 *
 * @param bytes the whole file
 * @throws FoveaError `dataset-unreadable`
 */
export function parseNpy(bytes: Uint8Array, name: string): NpyArray {
  const { length, ...header } = parseNpyHeader(bytes, name);
  const type = parseType(header.dtype, name);
  const end = header.shape.reduce((product, dim) => product * dim, type.size) + length;
  requireBytes(bytes, end, name);
  return { name, ...header, type, bytes: bytes.subarray(length, end) };
}

function requireBytes({ length }: Uint8Array, needed: number, name: string): void {
  if (length >= needed) return;
  throw unreadable(name, `it has ${length} bytes and needs ${needed}, so it is truncated; copy it again`);
}

/**
 * The numbers of an array, its last axis running fastest.
 *
 * @throws FoveaError `dataset-unreadable` for an array of texts
 */
export function npyNumbers({ name, shape, dtype, type, fortranOrder, bytes }: NpyArray): Elements {
  if (isText(type)) throw unreadable(name, `its elements are texts (${dtype}); it must hold numbers`);
  const elements = readElements(bytes, type);
  return fortranOrder ? toRowMajor(elements, shape) : elements;
}

/** The texts of an array of one axis; undefined if it has numbers. */
export function npyTexts({ type, bytes }: NpyArray): string[] | undefined {
  if (!isText(type)) return undefined;
  const { kind, size, bigEndian } = type;
  return Array.from({ length: size === 0 ? 0 : bytes.length / size }, (_, i) => {
    const element = bytes.subarray(i * size, (i + 1) * size);
    const text =
      kind === "bytes"
        ? new TextDecoder().decode(element)
        : Array.from(readElements(element, { kind: "uint", size: 4, bigEndian }), character).join("");
    return text.replace(/\0+$/, "");
  });
}

/** A code point's character; what is none becomes the replacement character, as in other decoders. */
function character(code: number | bigint): string {
  return code <= 0x10ffff ? String.fromCodePoint(Number(code)) : "\uFFFD";
}

function isText(type: NpyArray["type"]): type is TextType {
  return type.kind === "code-points" || type.kind === "bytes";
}

function parseType(dtype: string, name: string): NpyArray["type"] {
  const [, order, letter, digits] = /^([<>=|]?)([a-zA-Z])(\d+)$/.exec(dtype) ?? [];
  const bigEndian = order === ">";
  const count = Number(digits);
  if (letter === "U") return { kind: "code-points", size: 4 * count, bigEndian };
  if (letter === "S") return { kind: "bytes", size: count, bigEndian };
  const kind = KINDS[letter];
  if (kind && SIZES[kind].includes(count)) return { kind, size: count, bigEndian };
  const remedy = dtype.endsWith("O")
    ? "Python objects, so save it with `.astype(str)` or"
    : "so save it with";
  throw unreadable(name, `its element type is \`${dtype}\`, ${remedy} \`.astype("float32")\``);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
