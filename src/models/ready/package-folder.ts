import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FoveaError } from "../../core/index.ts";

/**
 * The folder of an installed npm package.
 * @throws FoveaError `package-missing`
 */
export async function packageFolder(name: string): Promise<string> {
  try {
    let folder = dirname(fileURLToPath(import.meta.resolve(name)));
    while (folder !== dirname(folder)) {
      if (await isThere(join(folder, "package.json"))) return folder;
      folder = dirname(folder);
    }
  } catch {
    // Said below: whatever the reason, it cannot be found.
  }
  throw new FoveaError(
    "package-missing",
    `Package ${name}, whose weights this model has, is not installed: run \`npm install ${name}\`.`,
  );
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
