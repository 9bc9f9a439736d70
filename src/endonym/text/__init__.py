"""Words, numbers and scripts of any language: what matching rests on."""
