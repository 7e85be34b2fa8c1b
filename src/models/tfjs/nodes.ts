import { FoveaError } from "../../core/index.ts";

/** An attribute of a TensorFlow node, as JSON writes it: integers as text, text in base64. */
export interface TfAttribute {
  s?: string;
  i?: string | number;
  f?: number;
  b?: boolean;
  type?: string;
  shape?: { dim?: { size?: string | number }[] };
  list?: { i?: (string | number)[]; s?: string[]; f?: number[] };
}

/** A node of a TensorFlow graph. */
export interface TfNode {
  name: string;
  op: string;
  input?: string[];
  attr?: Record<string, TfAttribute>;
}

/** Reads a node's attributes by their types, with defaults as TensorFlow has them. */
export class TfAttributes {
  readonly #node: TfNode;

  constructor(node: TfNode) {
    this.#node = node;
  }

  text(name: string, usual = ""): string {
    const { s } = this.#get(name);
    return s === undefined ? usual : fromBase64(s);
  }

  texts(name: string): string[] {
    return (this.#get(name).list?.s ?? []).map(fromBase64);
  }

  integer(name: string, usual = 0): number {
    return Number(this.#get(name).i ?? usual);
  }

  integers(name: string): number[] {
    return (this.#get(name).list?.i ?? []).map(Number);
  }

  real(name: string, usual = 0): number {
    return this.#get(name).f ?? usual;
  }

  flag(name: string, usual = false): boolean {
    return this.#get(name).b ?? usual;
  }

  /** An element type's name without its prefix: "FLOAT", "INT32". */
  type(name: string): string {
    return (this.#get(name).type ?? "DT_FLOAT").replace(/^DT_/, "");
  }

  /** −1 stands for what is not known; undefined where no shape is told. */
  shape(name: string): number[] | undefined {
    const { shape } = this.#get(name);
    return shape && (shape.dim ?? []).map(({ size }) => Number(size ?? -1));
  }

  #get(name: string): TfAttribute {
    return this.#node.attr?.[name] ?? {};
  }
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

/** What a node reads: a node's name and which of its outputs. */
export function parseReference(reference: string): { name: string; output: number } {
  const [, name, output] = /^(.*?)(?::(\d+))?$/.exec(reference)!;
  return { name, output: Number(output ?? 0) };
}

/**
 * The nodes that the named ones need, each after those that it reads.
 * @throws `model-unreadable` for a node that is read but not there, `operator-unsupported` for a cycle (a loop)
 */
export function orderNodes(nodes: readonly TfNode[], wanted: readonly string[]): TfNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const done = new Set<string>();
  const order: TfNode[] = [];
  const open: { name: string; by: string; entered: boolean }[] = wanted
    .toReversed()
    .map((name) => ({ name, by: "the outputs", entered: false }));
  const inside = new Set<string>();
  while (open.length > 0) {
    const place = open.at(-1)!;
    const node = byName.get(place.name);
    if (!node) {
      throw new FoveaError(
        "model-unreadable",
        `The model is broken: node \`${place.name}\`, read by ${place.by}, is missing.`,
      );
    }
    if (done.has(node.name) || place.entered) {
      open.pop();
      inside.delete(node.name);
      if (!done.has(node.name)) order.push(node);
      done.add(node.name);
      continue;
    }
    if (inside.has(node.name)) {
      throw new FoveaError(
        "operator-unsupported",
        `Node \`${node.name}\` (${node.op}) is part of a loop: models with control flow cannot be read.`,
      );
    }
    place.entered = true;
    inside.add(node.name);
    for (const reference of dataInputs(node).toReversed()) {
      const { name } = parseReference(reference);
      if (!done.has(name)) open.push({ name, by: `node \`${node.name}\``, entered: false });
    }
  }
  return order;
}

/** What a node reads, without what only has to run before it. */
export function dataInputs({ input = [] }: TfNode): string[] {
  return input.filter((reference) => !reference.startsWith("^"));
}
