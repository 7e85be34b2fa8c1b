import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Tensor, writeOutput } from "../core/index.ts";
import { fromTensorProto, readModel, toTensorProto, writeModel } from "../graph/index.ts";

/**
 * The proposals that were searched for in pictures, by name of these: searching takes longer than many
 * trainings, so that a run keeps them beside its checkpoint.
 */
export class ProposalStore {
  readonly #path: string;
  /** How pictures were searched: of another search nothing is taken. */
  readonly #search: string;
  readonly #found: Map<string, Float32Array>;
  /** How many of them the file holds. */
  #saved: number;

  private constructor(path: string, search: string, found: Map<string, Float32Array>) {
    this.#path = path;
    this.#search = search;
    this.#found = found;
    this.#saved = found.size;
  }

  /**
   * Opens the file, if there is one of the same search; one that cannot be read, or of another, counts for nothing.
   * @param search all that decides what is found in a picture
   */
  static async open(path: string, search: unknown): Promise<ProposalStore> {
    const wanted = JSON.stringify(search);
    try {
      const { metadataProps, graph } = readModel(await readFile(path));
      const metadata = new Map(metadataProps.map(({ key, value }) => [key, value]));
      const found = new Map(
        graph.initializer.map((proto) => [proto.name, fromTensorProto(proto).data as Float32Array]),
      );
      const isSame = metadata.get("search") === wanted && metadata.get("digest") === digestOf(found);
      return new ProposalStore(path, wanted, isSame ? found : new Map());
    } catch {
      return new ProposalStore(path, wanted, new Map());
    }
  }

  /** Corners `[N, 4]` in a picture's pixels, if it was searched. */
  get(picture: string): Float32Array | undefined {
    return this.#found.get(picture);
  }

  /** Adds a picture's. */
  set(picture: string, corners: Float32Array): void {
    this.#found.set(picture, corners);
  }

  /** Writes the file, if there is anything new; whole or not at all. Throws `output-unwritable`. */
  async save(): Promise<void> {
    if (this.#found.size === this.#saved) return;
    const initializer = [...this.#found].map(([picture, data]) => {
      const corners: Tensor = { dtype: "float32", shape: [data.length / 4, 4], data };
      return toTensorProto(picture, corners);
    });
    const metadataProps = [
      { key: "search", value: this.#search },
      { key: "digest", value: digestOf(this.#found) },
    ];
    const graph = { name: "proposals", initializer };
    await writeOutput(this.#path, writeModel({ irVersion: 9, producerName: "fovea", metadataProps, graph }));
    this.#saved = this.#found.size;
  }
}

/** Tells whether a file still holds what was written. */
function digestOf(found: ReadonlyMap<string, Float32Array>): string {
  const hash = createHash("sha256");
  for (const [picture, corners] of found) hash.update(picture).update(corners);
  return hash.digest("hex");
}
