"""Letters of Authorization: who signed that which numbers may text, in exactly which words, with what evidence."""
