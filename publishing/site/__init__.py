"""The project's website: `make site`. It is static, needs no network, and works from a file system.

map_of_pages   which pages there are, and in what order
markdown       pages of docs/ as HTML
links          where a link of a page of docs/ leads on the site
api            the specification as a reference page; reference_model is what it shows
catalogue      requirements and open questions as pages
sources        source files that pages link to
building       puts it all together
"""
