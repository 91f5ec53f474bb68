"""What is published of this project: the site, the generated pages, and what changes of the specification break."""
