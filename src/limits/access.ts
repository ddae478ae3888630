/** Limits on keys. */

/** Roles and globs of clusters of one key: a person writes them by hand, and each request looks through them. */
export const maxRolesPerKey = 32;
export const maxGlobsPerKey = 64;

/** Keys of a ledger, revoked ones included: all of them are held in memory, and a rotation a day makes 10,000 in 27 years. */
export const maxKeys = 10_000;

/** How long the old key holds beside the new one after a rotation, unless told otherwise: a week of releases. */
export const defaultOverlapMs = 7 * 86_400_000;

/** The longest that two keys of one name may hold beside each other: a year. */
export const maxOverlapMs = 366 * 86_400_000;

/** Events that are looked through at once for a key that does not see all of them. */
export const scopedPage = 256;

/** Scopes and keys for which an application keeps what it answers with: each costs its kept panels. */
export const maxKeptScopes = 64;
export const maxKeptSpeakers = 256;

/** How long a browser stays logged in: a shift. */
export const sessionMs = 12 * 3_600_000;

/** Bytes of the form of a login: a key, and the address of a page. */
export const maxLoginBytes = 16_384;

/** Random bytes that sign sessions: as many as the hash has. */
export const leastSecretBytes = 32;

/** Requests a minute of one key, or of one address without a key. */
export const rateLimits = {
  /** Twenty a second: a page asks for ten things, and a wall of screens refreshes every few seconds. */
  reads: 1_200,
  /** A hundred a second: each may hold a thousand events. */
  writes: 6_000,
  /** Of one address: a person mistypes a few times, and a guesser has 256 bits before it. */
  logins: 10,
  /** Streams open at once of one key: the windows of one person. */
  streams: 8,
  /** In all: each costs a socket, and a wake-up per event. */
  allStreams: 200,
} as const;
