"""Recipe -> plan -> work -> verify -> shard -> manifest: one way. Only `cluster` knows Ray, only `cli` prints."""
