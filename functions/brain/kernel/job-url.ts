/** Where the message of a staged row is delivered; QStash's signature is bound to exactly this text. */
export const jobUrl = (publicUrl: string, kind: string): string => `${publicUrl.replace(/\/+$/, "")}/jobs/${kind}`;

/** The job that QStash tells when it gives a message up. */
export const letterJob = "shared.letters.receive";
