"""The vault in an object store with Object Lock: the only code that speaks S3."""
