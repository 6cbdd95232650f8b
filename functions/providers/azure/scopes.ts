/** Everything is asked of one subscription at once, which is all that these credentials are for. */
export const SCOPE = 'subscription';
