"""What stands beside a copy of one person's data, in both languages."""

README = """这份文件里有什么
================

这是系统里与您有关的全部信息，由您所在的公司应您的要求导出。

person.json    姓名、工号、角色，您对记录位置的每次答复，上过的班，登录过的管理台
records.jsonl  您的每条记录，一行一条：手机封存的原文（body）、还保存着的位置和文字（private）、
               系统对它的判断（outcome、marks、时间）
audit.jsonl    操作日志里您做过的事，以及别人对您的资料做过的事（包括谁导出过、谁看过）
photos/        您的记录带的照片，文件名是照片的 SHA-256

位置最多保存 90 天，照片最多两年；到期删掉的不在里面。记录的含义见说明文档 protocol/records.md。


What is in this file
====================

This is all that the system holds about you, exported by your company at your request.

person.json    your name, number and roles, each answer of yours about places in records, your
               shifts, your log-ins to the console
records.jsonl  each of your records on a line: the text as the phone sealed it (body), places and
               texts that are still kept (private), and what the system made of it (outcome, marks, times)
audit.jsonl    from the audit log what you did, and what others did with your data
photos/        the photos of your records; a file's name is the photo's SHA-256

Places are kept for 90 days at most, photos for two years; what was deleted since is not here. What a
record means stands in the document protocol/records.md.
"""
