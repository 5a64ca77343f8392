"""The templates, deployed to ministack and read back, and the server there under the role of the templates.

`python -m deployment --server SERVER --at URL COMMAND…`, called by scripts/deployment.sh. ministack shares no code with this project.
"""
