import { fsyncSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";
import type { NodeFS } from "@electric-sql/pglite/nodefs";

/** What Emscripten's file system over Node.js's consists of, as far as it is touched here. */
interface NodeFileSystem {
  stream_ops: { fsync?: (stream: { nfd: number }) => number };
  /** Through which every operation goes: translates Node.js's errors into numbers that C knows. */
  tryFSOperation<T>(operation: () => T): T;
}

interface Module {
  FS: { filesystems: { NODEFS: NodeFileSystem }; quit(): void };
  /** Answers a message. */
  _PostgresMainLoopOnce(): void;
}

/** After these the log may be half written. PostgreSQL would stop at once; in PGlite it waits for itself for ever. */
const FATAL: ReadonlySet<string | undefined> = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EIO", "EROFS"]);

/**
 * The files of PGlite's database, made safe: `fsync` reaches the disk, which PGlite leaves out, and a disk that fails
 * ends the database. What was committed is in the log then, and is there when the folder is opened again.
 */
export class PgliteFiles {
  /** Why the database has ended, if it has. */
  failure: unknown;
  readonly #files: NodeFS;
  #module: Module | undefined;
  #isAbandoned = false;

  constructor(files: NodeFS) {
    this.#files = files;
    const init = files.init.bind(files);
    files.init = async (pglite, options) => {
      const { emscriptenOpts } = await init(pglite, options);
      const before = (module: Module) => this.#take(module);
      return {
        emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), before] },
      } as never;
    };
  }

  /** For `PGlite.create`. */
  get fs(): NodeFS {
    return this.#files;
  }

  /** Lets no message through to a database that has ended, and takes no answer from it: PGlite takes no notice. */
  guard(pglite: PGlite): void {
    const module = pglite.Module as unknown as Module;
    const step = module._PostgresMainLoopOnce.bind(module);
    module._PostgresMainLoopOnce = () => {
      try {
        return step();
      } catch (error) {
        // With a status it is PostgreSQL's jump out of a statement that has failed; else the end of it.
        if ((error as { status?: number }).status === undefined) this.failure ??= error;
        throw error;
      }
    };
    const execute = pglite.execProtocolRawSync.bind(pglite);
    pglite.execProtocolRawSync = (message) => {
      this.check();
      const answer = execute(message);
      this.check();
      return answer;
    };
  }

  /** @throws what has ended the database */
  check(): void {
    if (this.failure) throw this.failure;
  }

  /** Closes the files of a database that has ended. */
  abandon(): void {
    this.#isAbandoned = true;
    try {
      this.#module?.FS.quit();
    } catch {
      // They are closed when the process ends.
    }
  }

  #take(module: Module): void {
    this.#module = module;
    const { NODEFS } = module.FS.filesystems;
    NODEFS.stream_ops.fsync = ({ nfd }) => {
      NODEFS.tryFSOperation(() => fsyncSync(nfd));
      return 0;
    };
    const translate = NODEFS.tryFSOperation.bind(NODEFS);
    NODEFS.tryFSOperation = (operation) => {
      if (!this.#isAbandoned) this.check();
      try {
        return operation();
      } catch (error) {
        if (!FATAL.has((error as NodeJS.ErrnoException).code)) {
          return translate(() => {
            throw error;
          });
        }
        this.failure = error;
        // Not an error number: it leaves PostgreSQL at once, through all of it.
        throw new Error("The disk has failed.", { cause: error });
      }
    };
  }
}
