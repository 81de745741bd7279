/** Column groups and types that every schema file shares. */
import { customType, integer, text, timestamp, uuid } from "drizzle-orm/pg-core";

/** A time with its microseconds, as text: a Date would cut them and break cursors. */
export const moment = () => timestamp({ withTimezone: true, mode: "string" });

/** The two columns that say whose row it is. */
export const tenant = () => ({ projectId: uuid().notNull(), accountScopeId: uuid().notNull() });

/** A prefixed text id, made by the code. */
export const id = () => text().notNull();

export const created = () => ({ createdAt: moment().notNull() });

/** Created, updated, and the version that ETags and If-Match speak of. */
export const stamps = () => ({ ...created(), updatedAt: moment().notNull(), version: integer().notNull() });

const typed = (name: string) => customType<{ data: string; driverData: string }>({ dataType: () => name });

export const tsvector = typed("tsvector");
export const regconfig = typed("regconfig");
export const bytea = typed("bytea");
/** An amount of something, to three places. */
export const thousandths = typed("numeric(10,3)");
/** A percentage, to two places. */
export const hundredths = typed("numeric(5,2)");
export const xid8 = typed("xid8");
export const halfvec = typed("halfvec(1536)");
/** One sign per dimension of a vector. */
export const signCode = typed("bit(1536)");
