"""`python -m infra.release STAGE [options of cdk deploy]`: deploys to AWS with your credentials.

What the profile does not say is an option: `-c base_url=https://… -c domain_name=… -c certificate_arn=…`.
"""

import json
import subprocess
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.build import BUILD, ROOT, assets, layer, node
from infra.publish import publish_assets, write_catalogue


def main() -> None:
    """Build, upload what new pages will link to, deploy."""
    stage, *options = sys.argv[1:] or [""]
    if not stage:
        sys.exit("Which stage? make deploy STAGE=test")
    assets.build()
    layer.build("aws")
    if bucket := _site_bucket(stage):
        publish_assets(boto3.client("s3"), bucket, assets.BUILT)
    outputs = BUILD / "cdk.out" / f"{stage}.outputs.json"
    app = ["--app", f"{sys.executable} -m infra.app", "-c", f"stage={stage}"]
    cdk = [str(node.NODE), str(ROOT / "node_modules" / ".bin" / "cdk"), "deploy", *app]
    places = ["--output", str(BUILD / "cdk.out" / stage), "--outputs-file", str(outputs)]
    done = subprocess.run([*cdk, *places, *options], cwd=ROOT, env=node.environment())
    if done.returncode:
        sys.exit(done.returncode)
    [deployed] = json.loads(outputs.read_text()).values()
    publish_assets(boto3.client("s3"), deployed["SiteBucket"], assets.BUILT)
    write_catalogue(boto3.client("lambda"), json.loads(deployed["FunctionNames"])["generate_catalogue"])


def _site_bucket(stage: str) -> str | None:
    """Return the bucket of a deployed stage: files must be there before pages link to them."""
    try:
        [stack] = boto3.client("cloudformation").describe_stacks(StackName=f"tovholder-{stage}")["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    except BotoCoreError as error:
        sys.exit(f"AWS cannot be asked: {error}")
    return next((o["OutputValue"] for o in stack.get("Outputs", []) if o["OutputKey"] == "SiteBucket"), None)


if __name__ == "__main__":
    main()
