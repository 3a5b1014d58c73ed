"""Official documents in the layout of GB/T 9704: launch notice, result announcement, appointment notice.

Each module has a frozen view of plain values and ``document(view)``, which says what stands in it; ``layout``
makes HTML of it and a paper to render. Imports rules and kit only.
"""
