"""What a run leaves behind: tables, Excel sheet, dossier, terminal summary, and `Run` to open it again."""
