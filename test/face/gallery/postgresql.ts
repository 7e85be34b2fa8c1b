import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A PostgreSQL server of this test's own. */
export interface Server {
  /** A URL, without the database's name at its end. */
  url(credentials: string): string;
  stop(): Promise<void>;
}

const DEBIAN = "/usr/lib/postgresql";

/** The folder of the newest server that Debian's packages have installed, if there is one that can be started here. */
export function postgresqlPrograms(): string | undefined {
  if (process.platform !== "linux" || !existsSync(DEBIAN)) return undefined;
  const [newest] = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  const programs = join(DEBIAN, `${newest}`, "bin");
  return existsSync(join(programs, "initdb")) && (process.getuid!() !== 0 || userOf("postgres"))
    ? programs
    : undefined;
}

/** The server does not run as root. */
function userOf(name: string): { uid: number; gid: number } | undefined {
  try {
    const number = (flag: string) =>
      Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }));
    return { uid: number("-u"), gid: number("-g") };
  } catch {
    return undefined;
  }
}

/** Starts a server with the superuser `keeper`, password "right". */
export async function startPostgresql(programs: string): Promise<Server> {
  const user: { uid?: number; gid?: number } = process.getuid!() === 0 ? userOf("postgres")! : {};
  const folder = mkdtempSync(join(tmpdir(), "fovea-postgresql-"));
  const password = join(folder, "password");
  writeFileSync(password, "right");
  if (user.uid) for (const path of [folder, password]) chownSync(path, user.uid, user.gid!);
  const data = join(folder, "data");
  const initdb = [
    "-D",
    data,
    "-U",
    "keeper",
    "--pwfile",
    password,
    "-A",
    "scram-sha-256",
    "-E",
    "UTF8",
    "--no-sync",
  ];
  execFileSync(join(programs, "initdb"), initdb, { ...user, cwd: folder, stdio: "pipe" });
  const port = await freePort();
  const settings = [
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    `port=${port}`,
    "-c",
    `unix_socket_directories=${folder}`,
  ];
  const server = spawn(join(programs, "postgres"), ["-D", data, "-c", "fsync=off", ...settings], {
    ...user,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(server, "exit");
  for await (const text of server.stderr) if (`${text}`.includes("ready to accept connections")) break;
  server.stderr?.resume();
  return {
    url: (credentials) => `postgres://${credentials}@127.0.0.1:${port}`,
    stop: async () => {
      server.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
