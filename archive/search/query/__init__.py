"""The query language: one line as people type it, a tree as the engines read it, chips as the page
shows it.
"""
