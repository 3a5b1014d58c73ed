"""The score book (成绩汇总表): everybody in order, the rules, the seats, the ties, every sheet's total; it is signed.

``papers`` returns it as one document or in volumes, ``workbook`` as a spreadsheet. Reviewers appear by number only.
"""

from reports.score_book.layout import html, papers
from reports.score_book.view import ScoreBook
from reports.score_book.workbook import workbook

__all__ = ["ScoreBook", "html", "papers", "workbook"]
