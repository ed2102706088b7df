"""What all faces share: the design system, templates and their tags, words for moments and events, forms from rules."""
