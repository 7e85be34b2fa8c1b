import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder of its own for a test file. */
export interface Workspace {
  readonly path: string;
  /** Writes text files, by path relative to the folder. */
  write(files: Record<string, string>): Promise<void>;
  /** Everything in it, as sorted relative paths. */
  list(): Promise<string[]>;
  remove(): Promise<void>;
}

export async function createWorkspace(): Promise<Workspace> {
  const path = await mkdtemp(join(tmpdir(), "fovea-e2e-"));
  return {
    path,
    async write(files) {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(path, name)), { recursive: true });
        await writeFile(join(path, name), text);
      }
    },
    async list() {
      return (await readdir(path, { recursive: true })).sort();
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
