"""Programs that run on TF 1.15.5 and on this project, and what they gave there (see record.py)."""
