/** An option that takes one text. */
export const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;

/** An option that takes one number. */
export const number = (describe: string) => ({ type: 'number', requiresArg: true, describe }) as const;
