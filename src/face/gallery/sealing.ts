import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FoveaError, messageOf } from "../../core/index.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HOW_TO_MAKE_ONE = "openssl rand -hex 32";

/** What the check value of a key seals. */
const CHECK = "the key of this gallery";

/** A key of 256 bits for the encodings of a gallery. Printing it shows nothing. */
export class GalleryKey {
  /** @internal */
  readonly secret: KeyObject;

  private constructor(bytes: Uint8Array) {
    this.secret = createSecretKey(bytes);
  }

  /**
   * Reads a key from an environment variable; none where that is not set.
   * @throws FoveaError `gallery-key-invalid`
   */
  static fromEnvironment(variable = "FOVEA_GALLERY_KEY"): GalleryKey | undefined {
    const text = process.env[variable];
    return text ? GalleryKey.fromText(text, `The environment variable ${variable}`) : undefined;
  }

  /**
   * Reads a key from a file.
   * @throws FoveaError `gallery-key-missing` where it cannot be read, `gallery-key-invalid`
   */
  static async fromFile(path: string): Promise<GalleryKey> {
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (cause) {
      throw new FoveaError(
        "gallery-key-missing",
        `The key file \`${path}\` cannot be read (${messageOf(cause)}); make one with \`${HOW_TO_MAKE_ONE} > ${path}\`.`,
        { cause },
      );
    }
    return GalleryKey.fromText(text, `The key file \`${path}\``);
  }

  /**
   * Reads a key from 64 hexadecimal digits, or from the base64 of 32 bytes.
   * @param what the error calls the text, which it does not show
   * @throws FoveaError `gallery-key-invalid`
   */
  static fromText(text: string, what = "The key"): GalleryKey {
    const trimmed = text.trim();
    if (/^[0-9a-f]{64}$/i.test(trimmed)) return new GalleryKey(Buffer.from(trimmed, "hex"));
    const bytes = Buffer.from(trimmed, "base64");
    if (/^[A-Za-z0-9+/_-]+=?$/.test(trimmed) && bytes.length === KEY_BYTES) return new GalleryKey(bytes);
    throw new FoveaError(
      "gallery-key-invalid",
      `${what} is not a key: it has ${trimmed.length} characters, where 64 hexadecimal digits (or 32 bytes in base64) are needed; make one with \`${HOW_TO_MAKE_ONE}\`.`,
    );
  }
}

/**
 * Encrypts and authenticates by AES-256-GCM (NIST SP 800-38D), with a random nonce each time. What is sealed is bound
 * to its gallery and to its context: put into another gallery, or in another's place, it cannot be opened.
 */
export class Seal {
  readonly #key: GalleryKey;
  readonly #gallery: string;

  /** @param gallery the gallery's own number */
  constructor(key: GalleryKey, gallery: string) {
    this.#key = key;
    this.#gallery = gallery;
  }

  /** @returns nonce, tag and encrypted bytes, one after the other */
  seal(bytes: Uint8Array, context: readonly string[]): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key.secret, nonce);
    cipher.setAAD(this.#bound(context));
    const encrypted = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]);
  }

  /** The bytes again, or nothing where key, gallery, context or bytes are not those of the sealing. */
  open(sealed: Uint8Array, context: readonly string[]): Buffer | undefined {
    const tagAt = NONCE_BYTES + TAG_BYTES;
    if (sealed.length < tagAt) return undefined;
    const decipher = createDecipheriv("aes-256-gcm", this.#key.secret, sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(this.#bound(context));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, tagAt));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(tagAt)), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  /** A value by which the key is known again. */
  makeCheck(): Buffer {
    return this.seal(Buffer.from(CHECK), [CHECK]);
  }

  /** Whether the value was made with this key. */
  passes(check: Uint8Array): boolean {
    return this.open(check, [CHECK]) !== undefined;
  }

  #bound(context: readonly string[]): Buffer {
    return Buffer.from(JSON.stringify(["fovea gallery", this.#gallery, ...context]));
  }
}
