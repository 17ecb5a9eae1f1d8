"""Outside catalogues, asked for one ISBN."""
