import { readFile } from "node:fs/promises";
import type { Tensor } from "../core/index.ts";
import { readTensorFile, writeTensorFile } from "../train/index.ts";

/** What the file is called in its own metadata. */
const KIND = "proposals";

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
    const found = new Map<string, Float32Array>();
    try {
      const { tensors, text } = readTensorFile(await readFile(path), KIND);
      if (text === wanted) {
        for (const [picture, { data }] of Object.entries(tensors)) found.set(picture, data as Float32Array);
      }
    } catch {
      // Searched for again.
    }
    return new ProposalStore(path, wanted, found);
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
    const { size } = this.#found; // more may join while the file is written
    if (size === this.#saved) return;
    const tensors = Object.fromEntries(
      [...this.#found].map(([picture, data]): [string, Tensor] => {
        return [picture, { dtype: "float32", shape: [data.length / 4, 4], data }];
      }),
    );
    await writeTensorFile(this.#path, KIND, { tensors, text: this.#search });
    this.#saved = size;
  }
}
