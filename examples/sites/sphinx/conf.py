project = 'Networks'
extensions = ['myst_parser']
html_theme = 'sphinx_book_theme'
html_js_files = [('https://atelier.example/gan-atelier.js', {'type': 'module'})]
