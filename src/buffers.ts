/**
 * Every buffer has memory of its own. Node cuts small ones out of slabs of 64 KiB, and whoever keeps 32 bytes keeps the slab: an event
 * that waits to be delivered, what an instance remembers of a row. Ten thousand events would be half a gigabyte.
 */
Buffer.poolSize = 0;
