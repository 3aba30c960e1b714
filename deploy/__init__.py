"""What a deployment needs beside the app: database roles, manifests, the image's trial."""
