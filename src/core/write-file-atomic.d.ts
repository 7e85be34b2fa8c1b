/** The part of write-file-atomic that is used; the package ships no types. */
declare module "write-file-atomic" {
  export default function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void>;
}
