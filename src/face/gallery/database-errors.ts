import { FoveaError, messageOf } from "../../core/index.ts";

type Explain = (title: string, message: string) => readonly [code: string, sentence: string];

const unreachable =
  (what: string): Explain =>
  (title) => [
    "gallery-unreachable",
    `Cannot reach gallery \`${title}\`: ${what}; check that the server runs and that the address is right.`,
  ];

const full: Explain = (title) => [
  "gallery-full",
  `The disk of gallery \`${title}\` is full; free some space and do it again, what was written whole is kept.`,
];

const unwritable: Explain = (title) => [
  "gallery-unwritable",
  `Gallery \`${title}\` cannot be written by this user; change the permissions or choose another place.`,
];

const refused: Explain = (title, message) => [
  "gallery-refused",
  `The server of gallery \`${title}\` does not let this user in: ${message}; check user and password in the URL.`,
];

const unreadable: Explain = (title, message) => [
  "gallery-unreadable",
  `The database of gallery \`${title}\` cannot be read: ${message}; restore the gallery from a copy, or import an export into a new one.`,
];

const lost = unreachable("the connection was lost");

/** By error codes of Node.js and of PostgreSQL (Appendix A of its manual). */
const explanations: Readonly<Record<string, Explain>> = {
  ECONNREFUSED: unreachable("the connection was refused"),
  ENOTFOUND: unreachable("there is no such host"),
  EAI_AGAIN: unreachable("the host's name cannot be looked up now"),
  EHOSTUNREACH: unreachable("there is no way to the host"),
  ETIMEDOUT: unreachable("it does not answer"),
  ECONNRESET: lost,
  EPIPE: lost,
  "57P01": lost,
  "57P02": lost,
  "57P03": unreachable("the server is starting up"),
  "53300": unreachable("the server has no connection left"),
  "28P01": refused,
  "28000": refused,
  "3D000": (title) => [
    "gallery-unreachable",
    `The server of gallery \`${title}\` has no such database; make it with \`createdb\` or correct the URL.`,
  ],
  "42501": (title, message) => [
    "gallery-refused",
    `The server of gallery \`${title}\` does not allow this: ${message}; ask its administrator for the right.`,
  ],
  "53100": full,
  XX001: unreadable,
  XX002: unreadable,
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EIO: (title) => [
    "gallery-unwritable",
    `The disk of gallery \`${title}\` fails to read or write; check it, and restore the gallery from a copy if it is damaged.`,
  ],
  EACCES: unwritable,
  EPERM: unwritable,
  EROFS: unwritable,
  "25006": unwritable,
};

/** Texts of errors that come without a code. */
const texts: readonly (readonly [RegExp, Explain])[] = [
  [/No space left on device|ENOSPC/i, full],
  [
    /timeout exceeded when trying to connect|Connection terminated due to connection timeout/,
    explanations.ETIMEDOUT,
  ],
  [/client password must be a string/, (title) => refused(title, "it asks for a password")],
  [/Connection terminated|Client has encountered a connection error/, lost],
  [/Read-only file system|Permission denied/i, unwritable],
  [
    /PGlite is clos(ed|ing)|Cannot use a pool after calling end/,
    (title) => ["gallery-closed", `Gallery \`${title}\` was closed; open it again to ask it.`],
  ],
];

/** A database that is damaged, or of another version of PostgreSQL. */
export function galleryUnreadable(title: string, reason: string, cause: unknown): FoveaError {
  return new FoveaError(...unreadable(title, reason.replace(/^.*(FATAL|PANIC): */, "") || messageOf(cause)), {
    cause,
  });
}

/** A place where this user may write nothing. */
export function galleryUnwritable(title: string, cause: unknown): FoveaError {
  return new FoveaError(...unwritable(title, ""), { cause });
}

/** What a database has thrown, as a sentence about the gallery if one is known; otherwise as it is. */
export function explainFailure(error: unknown, title: string): unknown {
  if (error instanceof FoveaError) return error;
  // Node.js tries all addresses of a host and throws the failures together.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const message = messageOf(first);
  const { code } = first as NodeJS.ErrnoException;
  const explain = (code && explanations[code]) || texts.find(([text]) => text.test(message))?.[1];
  if (!explain) return error;
  return new FoveaError(...explain(title, message.replace(/[.\n].*$/s, "")), { cause: error });
}
