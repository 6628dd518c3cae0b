/** Raised when a message changes its meaning; a host and a frame of different versions do not talk. */
export const protocol = 1
