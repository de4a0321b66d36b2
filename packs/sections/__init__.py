"""The parts of a pack, one file each: what stands on its pages, in the words of its heading."""
